// Objects of a bound class share a body that counts its holders: each handle is in an object of Python's.
#include <nanobind/nanobind.h>
#include <atomic>

namespace nb = nanobind;

struct Body {
    long holders = 1;
    double values[64];
};
class Vector {
public:
    Vector() : body_(new Body) {}
    Vector(const Vector &other) : body_(other.body_) { ++body_->holders; }  // side: FT806
    ~Vector()
    {
        if (--body_->holders == 0) delete body_;  // expect: FT806
    }
    double first() const { return body_->values[0]; }

private:
    Body *body_;
};

struct Shared {
    std::atomic<long> holders{1};
    double values[64];
};
class Matrix {
public:
    Matrix() : body_(new Shared) {}
    Matrix(const Matrix &other) : body_(other.body_) { body_->holders.fetch_add(1, std::memory_order_relaxed); }
    ~Matrix()
    {
        if (body_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete body_;
    }
    double first() const { return body_->values[0]; }

private:
    Shared *body_;
};

NB_MODULE(vectors, m)
{
    nb::class_<Vector>(m, "Vector").def(nb::init<>()).def(nb::init<const Vector &>()).def("first", &Vector::first);
    nb::class_<Matrix>(m, "Matrix").def(nb::init<>()).def(nb::init<const Matrix &>()).def("first", &Matrix::first);
}
