"""An ONNX file walked by onnxruntime, every value of it: the same Trace, without torch."""
