/*
 * worker NAME DESCRIPTOR: the process of a soak test, static for a root file system without libraries. It does what it reads from the FIFO
 * /soak/NAME.in: "w COUNT" writes that many numbered lines with a checksum to the descriptor, "e CODE" ends. How many bytes were taken from it is in
 * /soak/NAME.count at all times (one number, native order); just before it ends it notes "exit CODE SECONDS.NANOSECONDS" in /soak/NAME.log. A signal
 * that can be caught ends it with 64 + its number. See signal-safety(7) for what the handler may call.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { USAGE = 2, BROKEN = 3, LINE = 64, LINES_AT_ONCE = 64, CAUGHT = 64 };

static int log_file, count_file;

/* Writes a number with leading zeros, `width` digits, base 10 or 16. */
static void digits(char *to, int width, uint64_t number, unsigned base)
{
    while (width > 0) {
        to[--width] = "0123456789abcdef"[number % base];
        number /= base;
    }
}

static void end(int code)
{
    struct timespec now;
    char line[] = "exit 000 0000000000.000000000\n";
    clock_gettime(CLOCK_REALTIME, &now);
    digits(line + 5, 3, (uint64_t)code, 10);
    digits(line + 9, 10, (uint64_t)now.tv_sec, 10);
    digits(line + 20, 9, (uint64_t)now.tv_nsec, 10);
    _exit(write(log_file, line, sizeof line - 1) == sizeof line - 1 ? code : BROKEN);
}

static void caught(int signal_number)
{
    end(CAUGHT + signal_number);
}

/* FNV-1a, 32 bits. */
static uint32_t checksum(const char *bytes, size_t length)
{
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < length; i++) {
        sum = (sum ^ (unsigned char)bytes[i]) * 16777619u;
    }
    return sum;
}

/* "NAME.................. 0000000017 0badcafe....\n", LINE bytes. */
static void make_line(char *line, const char *name, uint64_t number)
{
    memset(line, '.', LINE - 1);
    memcpy(line, name, strlen(name));
    line[24] = line[35] = ' ';
    digits(line + 25, 10, number, 10);
    digits(line + 36, 8, checksum(line, 35), 16);
    line[LINE - 1] = '\n';
}

static void write_lines(const char *name, int output, long lines)
{
    static uint64_t written; /* bytes */
    char buffer[LINE * LINES_AT_ONCE];
    while (lines > 0) {
        int count = lines < LINES_AT_ONCE ? (int)lines : LINES_AT_ONCE;
        for (int i = 0; i < count; i++) {
            make_line(buffer + i * LINE, name, written / LINE + (uint64_t)i);
        }
        /* At most PIPE_BUF bytes: all of them or none, see pipe(7). */
        if (write(output, buffer, (size_t)(count * LINE)) != count * LINE) {
            end(BROKEN);
        }
        written += (uint64_t)(count * LINE);
        lines -= count;
        if (pwrite(count_file, &written, sizeof written, 0) != sizeof written) {
            end(BROKEN);
        }
    }
}

static int open_at(const char *name, const char *suffix, int flags)
{
    char path[256];
    snprintf(path, sizeof path, "/soak/%s.%s", name, suffix);
    int file = open(path, flags | O_CLOEXEC, 0644);
    if (file < 0) {
        perror(path);
        exit(BROKEN);
    }
    return file;
}

int main(int count, char **arguments)
{
    if (count != 3 || strlen(arguments[1]) > 24) {
        return USAGE;
    }
    const char *name = arguments[1];
    const int signals[] = { SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGTERM };
    log_file = open_at(name, "log", O_WRONLY | O_CREAT | O_APPEND);
    count_file = open_at(name, "count", O_WRONLY | O_CREAT);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        signal(signals[i], caught);
    }
    /* For reading and writing: it has no end, whoever comes and goes. */
    FILE *orders = fdopen(open_at(name, "in", O_RDWR), "re");
    if (orders == NULL || write(log_file, "ready\n", 6) != 6) {
        return BROKEN;
    }
    char order;
    long number;
    while (fscanf(orders, " %c %ld", &order, &number) == 2) {
        if (order == 'w') {
            write_lines(name, atoi(arguments[2]), number);
        } else {
            end((int)number);
        }
    }
    return BROKEN;
}
