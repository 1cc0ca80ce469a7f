/*
 * guest update SOCKET ID JSON: one Task.Update, straight to a shim's socket, for virtual machines, where no other client can change a container's
 * limits. Static, because the machines have few libraries. Exit code 0 when the shim says OK; else 1, with its answer on stderr. Wire: docs/ttrpc.md.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FAILED = 1, USAGE = 2, HEADER = 10, REQUEST = 1, STATUS_TAG = 1 << 3 | 2, MAX_MESSAGE = 4096 };

struct buffer {
    size_t length;
    unsigned char bytes[MAX_MESSAGE];
};

/* A field of bytes: tag, length (a varint of two bytes, which fits every message here), content. */
static void add(struct buffer *to, int field, const void *content, size_t length)
{
    if (to->length + length + 3 > sizeof to->bytes) {
        fprintf(stderr, "guest: the message is too long\n");
        _exit(USAGE);
    }
    to->bytes[to->length++] = (unsigned char)(field << 3 | 2);
    to->bytes[to->length++] = (unsigned char)(length | 0x80);
    to->bytes[to->length++] = (unsigned char)(length >> 7);
    memcpy(to->bytes + to->length, content, length);
    to->length += length;
}

static void add_text(struct buffer *to, int field, const char *text)
{
    add(to, field, text, strlen(text));
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0) {
        perror(path);
        _exit(FAILED);
    }
    return connection;
}

static void read_all(int connection, void *bytes, size_t length)
{
    /* Asked for nothing, recv would wait for something. */
    if (length > 0 && recv(connection, bytes, length, MSG_WAITALL) != (ssize_t)length) {
        fprintf(stderr, "guest: the shim has closed the connection\n");
        _exit(FAILED);
    }
}

/* Sends one request on stream 1; 0 when the answer has no status, or an empty one, which is OK. */
static int call(int connection, const char *service, const struct buffer *update)
{
    struct buffer content = {.length = 0}, *request = &content;
    add_text(request, 1, service);
    add_text(request, 2, "Update");
    add(request, 3, update->bytes, update->length);
    unsigned char frame[HEADER + MAX_MESSAGE] = {[7] = 1, [8] = REQUEST};
    uint32_t length = htonl((uint32_t)request->length);
    memcpy(frame, &length, sizeof length);
    memcpy(frame + HEADER, request->bytes, request->length);
    if (send(connection, frame, HEADER + request->length, MSG_NOSIGNAL) < 0) {
        perror("send");
        return FAILED;
    }
    read_all(connection, frame, HEADER);
    memcpy(&length, frame, sizeof length);
    length = ntohl(length);
    if (length > MAX_MESSAGE) {
        fprintf(stderr, "guest: an answer of %u bytes\n", length);
        return FAILED;
    }
    read_all(connection, frame, length);
    if (length >= 2 && frame[0] == STATUS_TAG && frame[1] != 0) {
        fprintf(stderr, "%s: ", service);
        fwrite(frame + 2, 1, length - 2, stderr);
        fputc('\n', stderr);
        return FAILED;
    }
    return 0;
}

int main(int count, char **arguments)
{
    if (count != 5 || strcmp(arguments[1], "update") != 0) {
        fprintf(stderr, "usage: guest update SOCKET ID JSON\n");
        return USAGE;
    }
    static struct buffer resources, update;
    add_text(&resources, 1, "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources");
    add_text(&resources, 2, arguments[4]);
    add_text(&update, 1, arguments[3]);
    add(&update, 2, resources.bytes, resources.length);
    /* A shim that has told the daemon of version 3 need not know the older one. */
    const char *socket = arguments[2];
    return call(connect_to(socket), "containerd.task.v3.Task", &update) == 0 ? 0 : call(connect_to(socket), "containerd.task.v2.Task", &update);
}
