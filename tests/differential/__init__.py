"""The differential test: random programs are checked both as source and as the models that Keras builds from them."""
