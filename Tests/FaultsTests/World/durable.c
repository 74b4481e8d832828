// What a program has synced to its disk, kept beside what it has only written: preloaded into a server, this makes of every
// file below PLIMSOLL_DURABLE a copy `FILE.durable` whenever the file is synced. Take the copies, and the power was cut.
// While there is a file `FILE.fails`, syncs of FILE fail as on a broken disk, and nothing is kept.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Whether the file is one to look after; `path` then holds its name.
static int name(int fd, char path[PATH_MAX]) {
    const char *below = getenv("PLIMSOLL_DURABLE");
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (!below || length <= 0) return 0;
    path[length] = 0;
    return !strncmp(path, below, strlen(below));
}

static int fails(int fd) {
    char path[PATH_MAX], trigger[PATH_MAX + 16];
    if (!name(fd, path)) return 0;
    snprintf(trigger, sizeof trigger, "%s.fails", path);
    if (access(trigger, F_OK)) return 0;
    errno = EIO;
    return 1;
}

static void keep(int fd) {
    char path[PATH_MAX], copy[PATH_MAX + 16], whole[PATH_MAX + 16];
    if (!name(fd, path)) return;
    struct stat status;
    if (fstat(fd, &status) || !S_ISREG(status.st_mode)) return;
    snprintf(copy, sizeof copy, "%s.durable", path);
    snprintf(whole, sizeof whole, "%s.durable-new", path);
    int source = open(path, O_RDONLY), sink = open(whole, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    char buffer[1 << 16];
    ssize_t count;
    while ((count = read(source, buffer, sizeof buffer)) > 0)
        if (write(sink, buffer, count) != count) abort();
    close(source);
    close(sink);
    // A kill between two steps leaves the copy of the last sync: this one had not returned yet.
    if (rename(whole, copy)) abort();
}

int fsync(int fd) {
    if (fails(fd)) return -1;
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int answer = real(fd);
    keep(fd);
    return answer;
}

int fdatasync(int fd) {
    if (fails(fd)) return -1;
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int answer = real(fd);
    keep(fd);
    return answer;
}
