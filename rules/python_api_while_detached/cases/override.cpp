// C++ that runs detached calls what Python may override: NB_OVERRIDE attaches the thread for the call and back again.
#include <nanobind/nanobind.h>
#include <nanobind/trampoline.h>

namespace nb = nanobind;

struct Stage {
    virtual ~Stage() = default;
    virtual void draw() {}
    virtual void clear() {}
};

struct PyStage : Stage {
    NB_TRAMPOLINE(Stage, 2);
    void draw() override { NB_OVERRIDE(draw); }
    void clear() override
    {
        PyErr_Clear();  // expect: FT501
        Stage::clear();
    }
};

static void play(Stage &stage)
{
    nb::gil_scoped_release release;
    stage.draw();
    stage.clear();
}

NB_MODULE(stages, m)
{
    nb::class_<Stage, PyStage>(m, "Stage").def(nb::init<>()).def("draw", &Stage::draw).def("clear", &Stage::clear);
    m.def("play", &play);
}
