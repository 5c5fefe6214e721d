#include "finding/rule.h"
#include "capi/capi.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Use;
using model::Event;
using model::Type;

static bool allocates(const Event& event) {
  const capi::Allocator* call = capi::allocator(event.callee);
  return call != nullptr && call->allocates && call->domain == capi::Domain::object &&
         !capi::makes_object(event.callee);
}

static bool becomes_object(const Type& type) { return type.to_object; }
// void * says nothing about what it will hold.
static bool says_buffer(const Type& type) {
  return type.kind == Type::Kind::pointer && !type.to_object && type.spelling.find("void") == std::string::npos;
}

// A class's own operator new: each `new` of the class that it is called for is a keep of its own.
static void kept_by_callers(const Audit& audit, analysis::FunctionId id, bool& object, bool& buffer) {
  for (const analysis::Edge& edge : audit.program().calls_to(id)) {
    const Event& call = audit.program().function(edge.from).events[edge.event];
    if (call.callee != "operator new") continue;
    const model::Record* record = audit.program().record(call.instance);
    (record != nullptr && record->is_object ? object : buffer) = true;
  }
}

static void check(const Audit& audit, Report& report) {
  audit.each_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::EventId e : function.events.ids()) {
      if (!analysis::is_call(function.events[e]) || !allocates(function.events[e])) continue;
      report.site();
      bool object = false, buffer = false;
      // Where the block is kept says what it is for.
      for (const analysis::EventId w : function.events.ids(e + 1)) {
        const Event& write = function.events[w];
        if (write.kind != Event::Kind::write) continue;
        bool keeps = false;
        analysis::each_operand(write, [&](const model::Operand& operand) {
          keeps |= operand.kind == model::Operand::Kind::call && operand.event == e;
        });
        if (!keeps) continue;
        object |= becomes_object(function.places[write.place].type);
        buffer |= says_buffer(function.places[write.place].type);
      }
      for (const Use& use : audit.values(id).uses(e)) {
        const Event& event = function.events[use.event];
        if (use.kind == Use::Kind::passed && capi::initialises_object(event.callee)) object = true;
        if (use.kind == Use::Kind::stored && event.place != model::none)
          buffer |= says_buffer(function.places[event.place].type),
              object |= becomes_object(function.places[event.place].type);
        if (use.kind == Use::Kind::returned)
          object |= becomes_object(function.result), buffer |= says_buffer(function.result),
              kept_by_callers(audit, id, object, buffer);
      }
      if (object || !buffer) continue;
      Finding& finding =
          add_at(report, audit, {id, e}, function.events[e].callee + " allocates a block that is not a Python object");
      finding.instead = "PyMem_Malloc and PyMem_Free (PyMem_RawMalloc where no thread state is attached)";
    }
  });
}

extern const Rule object_domain_for_buffer{
    {.id = "FT604",
     .name = "object-domain-for-buffer",
     .category = Category::allocator,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Memory for something that is not a Python object is taken from the object allocator",
     .why =
         "free-threaded builds keep objects in heaps of their own: the collector visits the blocks there, and readers "
         "without a lock may still look at the counts in a block that was freed; other data is taken for an object",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
