// Who lowers a count asks that same step what is left; a load behind it may see what another thread left.
#include <nanobind/nanobind.h>
#include <atomic>

namespace nb = nanobind;

struct Body {
    std::atomic<long> holders{1};
    double values[64];
};
class Vector {
public:
    Vector() : body_(new Body) {}
    Vector(const Vector &other) : body_(other.body_) { ++body_->holders; }
    ~Vector()
    {
        body_->holders.fetch_sub(1);  // expect: FT703
        if (body_->holders.load() == 0) delete body_;
    }

private:
    Body *body_;
};
class Matrix {
public:
    Matrix() : body_(new Body) {}
    Matrix(const Matrix &other) : body_(other.body_) { body_->holders.fetch_add(1); }
    ~Matrix()
    {
        const long before = body_->holders.fetch_sub(1);
        if (before == 1) delete body_;
    }

private:
    Body *body_;
};
class Tensor {
public:
    Tensor() : body_(new Body) {}
    Tensor(const Tensor &other) : body_(other.body_) { ++body_->holders; }
    ~Tensor()
    {
        if (--body_->holders == 0) delete body_;
    }

private:
    Body *body_;
};

NB_MODULE(vectors, m)
{
    nb::class_<Vector>(m, "Vector").def(nb::init<>()).def(nb::init<const Vector &>());
    nb::class_<Matrix>(m, "Matrix").def(nb::init<>()).def(nb::init<const Matrix &>());
    nb::class_<Tensor>(m, "Tensor").def(nb::init<>()).def(nb::init<const Tensor &>());
}
