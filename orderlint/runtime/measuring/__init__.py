"""Runs a model on data, to measure the inputs of its batch normalizations in training and at inference.

`shifts` measures, `recomputing` computes the statistics again, `predictions` compares the predictions, and `causes`
finds the dropout that causes a shift in the layer graph. The model is not changed, except by a recalibration. Unlike
the rest of `runtime`, this loads saved models with Keras (`loading`) and runs them.
"""
