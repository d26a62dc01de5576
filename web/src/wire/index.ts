/** The messages between the page and whoever answers it, by their names. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type AskReport = Schemas["AskReport"];
export type AskTensor = Schemas["AskTensor"];
export type AskWalk = Schemas["AskWalk"];
export type AttributionSheet = Schemas["AttributionSheet"];
export type ClassChance = Schemas["ClassChance"];
export type ContributionSheet = Schemas["ContributionSheet"];
export type DataCard = Schemas["DataCard"];
export type DataSheet = Schemas["DataSheet"];
export type DataStatistics = Schemas["DataStatistics"];
export type Digest = Schemas["Digest"];
export type EditedSheet = Schemas["EditedSheet"];
export type EditingSheet = Schemas["EditingSheet"];
export type EvaluationSheet = Schemas["EvaluationSheet"];
export type EvenField = Schemas["EvenField"];
export type ExamplesSheet = Schemas["ExamplesSheet"];
export type FailureSheet = Schemas["FailureSheet"];
export type FieldSheet = Schemas["FieldSheet"];
export type FieldSpan = Schemas["FieldSpan"];
export type JobSheet = Schemas["JobSheet"];
export type Kept = Schemas["Kept"];
export type ListedFilter = Schemas["ListedFilter"];
export type ListedModel = Schemas["ListedModel"];
export type ListedSample = Schemas["ListedSample"];
export type ListedMethod = Schemas["ListedMethod"];
export type MethodsSheet = Schemas["MethodsSheet"];
export type MistakeSheet = Schemas["MistakeSheet"];
export type OpSheet = Schemas["OpSheet"];
export type PhotoSheet = Schemas["PhotoSheet"];
export type Prediction = Schemas["Prediction"];
export type Problem = Schemas["Problem"];
export type ReportSheet = Schemas["ReportSheet"];
export type ReportSize = Schemas["ReportSize"];
export type RunPage = Schemas["RunPage"];
export type RunReportSheet = Schemas["RunReportSheet"];
export type RunSheet = Schemas["RunSheet"];
export type RunStep = Schemas["RunStep"];
export type SeriesSheet = Schemas["SeriesSheet"];
export type StoredTensor = Schemas["StoredTensor"];
export type TraceCard = Schemas["TraceCard"];
export type TraceSheet = Schemas["TraceSheet"];
export type ValueSheet = Schemas["ValueSheet"];
export type Welcome = Schemas["Welcome"];
export type WhySheet = Schemas["WhySheet"];
