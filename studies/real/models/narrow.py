"""A question on Stack Overflow: a regression network with four units in each layer, which predicts a constant.

Architecture: ali-ghanbari/deepmufl-ase-2023 @a69ba43a024d, Dataset/all-bugs/56317174/bug.py (Apache-2.0).
Here: classification instead of regression.
Data: cancer (30,)
"""

from keras.layers import BatchNormalization, Dense, Dropout, Input
from keras.models import Sequential


def build(shape, classes):
    model = Sequential()
    model.add(Input(shape))
    model.add(BatchNormalization())
    model.add(Dense(4, activation="relu"))
    model.add(Dropout(rate=0.5))
    model.add(BatchNormalization())
    model.add(Dense(4, activation="relu"))
    model.add(Dropout(rate=0.5))
    model.add(BatchNormalization())
    model.add(Dense(4, activation="relu"))
    model.add(Dropout(rate=0.5))
    model.add(Dense(classes))
    return model
