"""Runs a model on data, to measure the input of its batch normalizations in training and at inference.

`shifts` measures, `retaking` takes the statistics again, `predictions` compares what the model says, `causes` finds
the dropout behind a shift in the layer graph. All of it leaves the model as it was, unless it is asked to change it.
Other than the rest of `runtime`, this loads saved models for real (`loading`) and runs them.
"""
