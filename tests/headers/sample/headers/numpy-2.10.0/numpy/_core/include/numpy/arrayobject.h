#define NUMPY_IS "2.10.0"
