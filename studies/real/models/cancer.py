"""A question on a forum: scikit-learn's breast cancer data, normalization behind the activation, no dropout.

Architecture: ali-ghanbari/deepmufl-ase-2023 @a69ba43a024d, Dataset/all-bugs/57397440/bug.py (Apache-2.0).
Here: as it is, but for its output, a softmax of one unit, which is the bug.
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
