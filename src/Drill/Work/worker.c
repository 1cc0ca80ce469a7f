/*
 * worker NAME CODE BEAT AFTER BURST FLAGS: the program in the containers of a drill; freestanding, for a root file system with nothing in it.
 *
 * Each BEAT milliseconds it writes BURST numbered lines with time and checksum to stdout; with FLAGS & 1 each eighth beat one to stderr; with FLAGS & 2
 * each beat forks a child that ends at once. AFTER milliseconds from its start (0: never), or on SIGTERM, it ends with CODE. How many lines it got rid of is in
 * /drill/NAME.count at all times (two numbers, native order). /drill/NAME.truth has "start" when it began, and as its last act
 * "exit CODE SECONDS.NANOSECONDS". Output that nobody can take any more (EPIPE) does not end it, so that what ends it is what the drill says.
 *
 * Signals are blocked and taken by sigtimedwait(2): a blocked signal is kept also for the first process of a pid namespace, which otherwise ignores what
 * it does not handle, see pid_namespaces(7). There is no handler, so nothing is cut in the middle of a line.
 */
#include <stdint.h>

enum { SYS_write = 1, SYS_open = 2, SYS_pwrite64 = 18, SYS_rt_sigprocmask = 14, SYS_fork = 57, SYS_wait4 = 61, SYS_rt_sigtimedwait = 128,
       SYS_clock_gettime = 228, SYS_exit_group = 231 };
enum { WRONLY = 1, CREAT = 0100, APPEND = 02000, CLOEXEC = 02000000, EINTR = 4, SIGTERM = 15, REALTIME = 0, MONOTONIC = 1 };
enum { USAGE = 2, BROKEN = 3, LINE = 64, NAME = 20, SUMMED = 48, MOST = 64, ERRORS = 1, FORKS = 2, BEATS_AN_ERROR = 8 };

struct time {
    int64_t seconds, nanoseconds;
};

static int truth_file, count_file;
static uint64_t written[2]; /* lines: stdout, stderr */

static long call(long number, long a, long b, long c, long d)
{
    long result;
    register long fourth __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
    return result;
}

static struct time now(int clock)
{
    struct time time;
    call(SYS_clock_gettime, clock, (long)&time, 0, 0);
    return time;
}

static void leave(int code)
{
    for (;;) {
        call(SYS_exit_group, code, 0, 0, 0);
    }
}

/* Writes a number with leading zeros, `width` digits. */
static void digits(char *to, int width, uint64_t number, unsigned base)
{
    while (width > 0) {
        to[--width] = "0123456789abcdef"[number % base];
        number /= base;
    }
}

static long number(const char *text)
{
    long value = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        value = value * 10 + (*text - '0');
    }
    return value;
}

static void end(int code)
{
    char line[] = "exit 000 0000000000.000000000\n";
    struct time time = now(REALTIME);
    digits(line + 5, 3, (uint64_t)code, 10);
    digits(line + 9, 10, (uint64_t)time.seconds, 10);
    digits(line + 20, 9, (uint64_t)time.nanoseconds, 10);
    leave(call(SYS_write, truth_file, (long)line, sizeof line - 1, 0) == sizeof line - 1 ? code : BROKEN);
}

/* FNV-1a, 32 bits. */
static uint32_t checksum(const char *bytes, int length)
{
    uint32_t sum = 2166136261u;
    for (int i = 0; i < length; i++) {
        sum = (sum ^ (unsigned char)bytes[i]) * 16777619u;
    }
    return sum;
}

/* "NAME................1NNNNNNNNNN MICROSECONDS.... badcafe0......\n", LINE bytes; the time is CLOCK_MONOTONIC's. */
static void make_line(char *line, const char *name, int stream, uint64_t count)
{
    struct time time = now(MONOTONIC);
    for (int i = 0; i < LINE - 1; i++) {
        line[i] = '.';
    }
    for (int i = 0; i < NAME && name[i] != 0; i++) {
        line[i] = name[i];
    }
    line[NAME] = (char)('0' + stream);
    digits(line + NAME + 1, 10, count, 10);
    line[NAME + 11] = ' ';
    digits(line + NAME + 12, 16, (uint64_t)time.seconds * 1000000 + (uint64_t)time.nanoseconds / 1000, 10);
    line[SUMMED] = ' ';
    digits(line + SUMMED + 1, 8, checksum(line, SUMMED), 16);
    line[LINE - 1] = '\n';
}

static void write_lines(const char *name, int stream, int count)
{
    char buffer[MOST * LINE];
    long result;
    for (int i = 0; i < count; i++) {
        make_line(buffer + i * LINE, name, stream, written[stream - 1] + (uint64_t)i);
    }
    /* At most PIPE_BUF bytes: all of them or none, see pipe(7). */
    do {
        result = call(SYS_write, stream, (long)buffer, count * LINE, 0);
    } while (result == -EINTR);
    if (result == count * LINE) {
        written[stream - 1] += (uint64_t)count;
        call(SYS_pwrite64, count_file, (long)written, sizeof written, 0);
    }
}

static void fork_once(void)
{
    long child = call(SYS_fork, 0, 0, 0, 0);
    if (child == 0) {
        leave(0);
    }
    if (child > 0) {
        call(SYS_wait4, child, 0, 0, 0);
    }
}

static int open_at(const char *name, const char *suffix, int flags)
{
    char path[64] = "/drill/";
    int length = 7;
    for (int i = 0; i < NAME && name[i] != 0; i++) {
        path[length++] = name[i];
    }
    while (*suffix != 0) {
        path[length++] = *suffix++;
    }
    path[length] = 0;
    return (int)call(SYS_open, (long)path, flags | CREAT | CLOEXEC, 0644, 0);
}

static int64_t milliseconds(struct time time)
{
    return time.seconds * 1000 + time.nanoseconds / 1000000;
}

static void work(const char *name, int code, int64_t beat, int64_t after, int burst, int flags)
{
    uint64_t terminate = 1ull << (SIGTERM - 1);
    int64_t start = milliseconds(now(MONOTONIC)), next = start;
    for (uint64_t beats = 0;; beats++) {
        int64_t time = milliseconds(now(MONOTONIC));
        if (after > 0 && time - start >= after) {
            end(code);
        }
        /* What was missed is not made up for: the gap is the measurement. */
        next = time > next + beat ? time + beat : next + beat;
        write_lines(name, 1, burst);
        if ((flags & ERRORS) != 0 && beats % BEATS_AN_ERROR == 0) {
            write_lines(name, 2, 1);
        }
        if ((flags & FORKS) != 0) {
            fork_once();
        }
        int64_t rest = next - milliseconds(now(MONOTONIC));
        rest = rest > 0 ? rest : 0;
        struct time wait = { rest / 1000, rest % 1000 * 1000000 };
        if (call(SYS_rt_sigtimedwait, (long)&terminate, 0, (long)&wait, sizeof terminate) == SIGTERM) {
            end(code);
        }
    }
}

__attribute__((used)) static void run(long *stack)
{
    char **arguments = (char **)(stack + 1);
    uint64_t all = ~0ull;
    if (stack[0] != 7 || number(arguments[5]) > MOST) {
        leave(USAGE);
    }
    call(SYS_rt_sigprocmask, 0, (long)&all, 0, sizeof all);
    truth_file = open_at(arguments[1], ".truth", WRONLY | APPEND);
    count_file = open_at(arguments[1], ".count", WRONLY);
    if (truth_file < 0 || count_file < 0 || call(SYS_write, truth_file, (long)"start\n", 6, 0) != 6) {
        leave(BROKEN);
    }
    work(arguments[1], (int)number(arguments[2]), number(arguments[3]), number(arguments[4]), (int)number(arguments[5]), (int)number(arguments[6]));
}

/* The kernel puts the arguments on the stack, see elf(5) and the ABI of x86-64. */
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall run\n");
