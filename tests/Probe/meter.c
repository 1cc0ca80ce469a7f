/*
 * meter: the moving parts of the measurements, in C, so that what is measured is the shim and not the one who measures it. Static: it also runs in
 * containers that have nothing else.
 *
 *   meter drain FIFO                  reads to the end; prints the number of bytes and the nanoseconds from the first to the last of them
 *   meter lines COUNT MICROSECONDS    writes lines of 80 bytes, each by a write(2) of its own, so far apart (0: as fast as it can); before the first
 *                                     it pauses, so that the work of starting is over
 *   meter echo STDIN STDOUT COUNT     types a line feed into a terminal and waits for the two bytes that it echoes; prints each time in nanoseconds
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FAILED = 1, USAGE = 2, LINE = 80, BUFFER = 65536, ECHO = 2, KEY_GAP_MICROSECONDS = 1000, PAUSE_MICROSECONDS = 200000 };

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int open_or_exit(const char *path, int flags)
{
    int descriptor = open(path, flags | O_CLOEXEC);
    if (descriptor < 0) {
        perror(path);
        exit(FAILED);
    }
    return descriptor;
}

static int drain(const char *path)
{
    static char buffer[BUFFER];
    int fifo = open_or_exit(path, O_RDONLY);
    int64_t bytes = 0, first = 0, last = 0;
    ssize_t count;
    while ((count = read(fifo, buffer, sizeof buffer)) > 0) {
        last = now();
        first = bytes == 0 ? last : first;
        bytes += count;
    }
    printf("%lld %lld\n", (long long)bytes, (long long)(last - first));
    return count == 0 ? 0 : FAILED;
}

/* The next line is due at a time, not after a pause: what one takes too long, the following ones make up for. */
static int lines(long count, long microseconds)
{
    char line[LINE];
    memset(line, 'x', sizeof line);
    line[LINE - 1] = '\n';
    usleep(PAUSE_MICROSECONDS);
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (long i = 0; i < count; i++) {
        if (write(STDOUT_FILENO, line, sizeof line) != LINE) {
            return FAILED;
        }
        if (microseconds > 0) {
            due.tv_nsec += microseconds * 1000;
            due.tv_sec += due.tv_nsec / 1000000000;
            due.tv_nsec %= 1000000000;
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        }
    }
    return 0;
}

/* A person types with pauses: the shim has gone to sleep before the next key comes. */
static int echo(const char *to, const char *from, long count)
{
    int input = open_or_exit(to, O_WRONLY), output = open_or_exit(from, O_RDONLY);
    for (long i = 0; i < count; i++) {
        usleep(KEY_GAP_MICROSECONDS);
        char answer[ECHO];
        int64_t typed = now();
        ssize_t got = write(input, "\n", 1) == 1 ? 0 : -1;
        for (ssize_t more = 1; got >= 0 && got < ECHO && more > 0; got += more) {
            more = read(output, answer + got, (size_t)(ECHO - got));
        }
        if (got != ECHO) {
            fprintf(stderr, "meter: the terminal does not answer\n");
            return FAILED;
        }
        printf("%lld\n", (long long)(now() - typed));
    }
    return 0;
}

int main(int count, char **arguments)
{
    if (count == 3 && strcmp(arguments[1], "drain") == 0) {
        return drain(arguments[2]);
    }
    if (count == 4 && strcmp(arguments[1], "lines") == 0) {
        return lines(atol(arguments[2]), atol(arguments[3]));
    }
    if (count == 5 && strcmp(arguments[1], "echo") == 0) {
        return echo(arguments[2], arguments[3], atol(arguments[4]));
    }
    fprintf(stderr, "usage: meter drain FIFO | lines COUNT MICROSECONDS | echo STDIN STDOUT COUNT\n");
    return USAGE;
}
