// Every way control can go.
int first(int), second(int), third(int);

int choose(int n)
{
    switch (n) {
    case 1: first(n);
    case 2: second(n); break;
    case 3 ... 5: return third(n);
    default: n = 7;
    }
    return n;
}
int backwards(int n)
{
again:
    if (n-- > 0) goto again;
    return n;
}
int once(int n)
{
    do { if (n) break; first(n); } while (0);
    return n;
}
int loops(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) { if (i == 3) continue; sum += first(i); }
    while (second(sum)) sum--;
    do { sum++; } while (third(sum));
    for (;;) if (first(0)) break;
    return sum;
}
int short_circuit(int a, int b) { if (first(a) && (second(b) || !third(a))) return 1; return a || b; }
int conditional(int a) { int x = a ? first(a) : second(a); return x ?: third(x); }
int not_a_compare(int *p) { if (!p) return 0; if (!(*p == 3)) return 1; return 2; }
int expect(int *p) { if (__builtin_expect(!!(p == 0), 0)) return 0; return *p; }
int computed(int n)
{
    static void *const targets[] = {&&one, &&two};
    goto *targets[n];
one: return first(n);
two: return second(n);
}
int statement_expression(int n) { return ({ int y = first(n); y + 1; }); }
int dead(int n) { return first(n); second(n); }
void never(void) { for (;;) first(0); }
int negated(int a, int b, int *p)
{
    if (!(a == b)) return 1;
    if (!(a && b)) return 2;
    if (!!(p == 0 || *p)) return 3;
    while (!(first(a) && (second(b) || p != 0))) a++;
    int both = a == 1 && b == 2;
    return !(a < b) ? both : !both;
}
