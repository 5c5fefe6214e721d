// C as it used to be, and C as few write it.
int old(a, b) int a; char *b; { return a + b[0]; }
int größe(int länge) { return länge * 2; }
int variable_length(int n) { int buffer[n]; buffer[0] = n; return buffer[n - 1]; }
int nested(int n) { extern int hidden(int); int hidden2(int); return hidden(n) + hidden2(n); }
int undeclared_return(void) { struct local { int x; } l = {3}; return l.x; }
static inline int unused(void) { return 1; }
int generic(float f) { return _Generic(f, int: 1, float: 2); }
int varargs(const char *format, ...) { __builtin_va_list ap; __builtin_va_start(ap, format); int x = __builtin_va_arg(ap, int); __builtin_va_end(ap); return x; }
int offsets(void) { return sizeof(int[3]) + __builtin_offsetof(struct { int a; int b; }, b); }

/* Other compilers only warn of these. */
static int found(void *where) { return where != 0; }
static long (*const search)(char *) = found;
int asked(char *name) { char *last = 3; int at = name; return at + (int)search(last); }
