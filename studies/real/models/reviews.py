"""Classifies film reviews: a convolution, then a dense layer with dropout before its activation.

Architecture: kcyu1993/keras @bbda84484e1f, examples/imdb_cnn.py (MIT), an example of Keras at that time.
Here: no embedding, 32 filters and 64 units.
Data: mnist1d (40, 1)
"""

from keras.layers import Activation, Conv1D, Dense, Dropout, GlobalMaxPooling1D, Input
from keras.models import Sequential


def build(shape, classes):
    model = Sequential()
    model.add(Input(shape))
    model.add(Conv1D(32, 3, padding="valid", activation="relu", strides=1))
    model.add(GlobalMaxPooling1D())
    model.add(Dense(64))
    model.add(Dropout(0.2))
    model.add(Activation("relu"))
    model.add(Dense(classes))
    return model
