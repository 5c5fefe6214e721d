// Access paths.
struct inner { int value; int *pointer; int array[4]; };
union either { long number; struct inner *inner; };
struct outer { struct inner in; struct inner *to; union either either; void (*call)(struct outer *, int); struct outer *next; unsigned flag : 1; };
struct outer *global_outer, many[3];
static int table[2][3];
static struct outer make(void);

int reads(struct outer *o, int i, int **pp)
{
    return o->in.value + o->to->array[i] + *o->to->pointer + (*o).in.array[2] + o->either.inner->value + **pp + pp[i][2] + table[i][1] + many[i].in.value + *(pp[0] + 4) + o->next->next->in.value;
}
void writes(struct outer *o, int i, int **pp)
{
    o->in.value = 1;
    o->flag = 1;
    o->to->array[i] = 2;
    *o->to->pointer = 3;
    o->either.number = 4;
    *pp = &o->in.value;
    **pp = 5;
    table[i][i] = 6;
    global_outer->next->in.array[0] += 7;
    many[i] = *o;
    o->in = (struct inner){.value = 8};
    (i ? o : global_outer)->flag = 0;
}
void calls(struct outer *o) { o->call(o, 1); (*o->call)(o->next, 2); }
int of_result(void) { return make().in.value; }
void copies(struct outer *o) { struct outer local = *o, *p = &local; struct inner *q = &o->in; p->flag = 1; q->value = 2; char *raw = (char *)o; raw[3] = 0; }
void arithmetic(int *p, int n) { *p++ = 1; *++p = 2; *(p + n) = 3; p[n] -= 4; int *end = p + n; *end = 5; }
