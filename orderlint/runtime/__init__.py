"""Built models, saved files and factories as layer graphs.

Live models are read through their own operations (`live`), subclassed ones are traced (`trace`), saved files are
read as data (`saved`). Keras and TensorFlow are imported nowhere else in orderlint, and here only when used.
"""
