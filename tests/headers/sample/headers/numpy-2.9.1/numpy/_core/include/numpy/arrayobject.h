#define NUMPY_IS "2.9.1"
