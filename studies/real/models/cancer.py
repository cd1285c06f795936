"""A question on Stack Overflow: the breast cancer data, with normalization after each activation and no dropout.

Architecture: ali-ghanbari/deepmufl-ase-2023 @a69ba43a024d, Dataset/all-bugs/57397440/bug.py (Apache-2.0).
Here: a new output, because the original one (a softmax of one unit) is the bug that the question is about.
Data: cancer (30,)
"""

from keras.layers import BatchNormalization, Dense, Input
from keras.models import Sequential


def build(shape, classes):
    model = Sequential()
    model.add(Input(shape))

    model.add(Dense(30, activation="relu"))
    model.add(BatchNormalization(axis=1))

    model.add(Dense(60, activation="relu"))
    model.add(BatchNormalization(axis=1))

    model.add(Dense(classes))
    return model
