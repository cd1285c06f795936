"""The differential test: random programs, judged as source and as the models that real Keras builds of them."""
