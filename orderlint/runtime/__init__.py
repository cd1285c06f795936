"""Built models, saved files and factories as layer graphs.

Live models are read through their own operations (`live`), subclassed models are traced (`trace`), and saved files are
read as data (`saved`). Keras and TensorFlow are not imported anywhere else in orderlint, and here only when needed.
"""
