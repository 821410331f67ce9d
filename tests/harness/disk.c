/*
 * A disk that fails when it is told to. Preloaded into a process, this library counts what the process does to files of
 * one folder, the one that COMANDA_DATA_DIR names, and lets one of these calls fail, or all from then on. It must not
 * change anything else.
 *
 * A test tells it what to do, and reads what happened, in a file that both share: see struct control. Whoever has no
 * such file gets the disk as it is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Numbers of the machine's own kind, each 8 bytes; tests/harness/src/disk.rs knows the places. */
struct control {
    _Atomic uint64_t armed;    /* 0: the disk is as it is */
    _Atomic uint64_t place;    /* the call that fails, from 1 */
    _Atomic uint64_t error;    /* an errno */
    _Atomic uint64_t lasting;  /* not 0: so do all after it */
    _Atomic uint64_t reached;  /* calls so far */
    _Atomic uint64_t failed;   /* how many of them failed */
    char files[64];            /* only files whose names begin so, and none of them made aside */
    char first[128];           /* the call that failed first, and its file's name */
};

static struct control *control;
static char folder[PATH_MAX];
static size_t folder_length;

static void __attribute__((constructor)) begin(void) {
    const char *file = getenv("FAILING_DISK"), *data = getenv("COMANDA_DATA_DIR");
    int descriptor = file && data ? open(file, O_RDWR | O_CLOEXEC) : -1;
    if (descriptor < 0) return;
    void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (shared == MAP_FAILED) return;
    folder_length = (size_t)snprintf(folder, sizeof folder, "%s/", data);
    control = shared;
}

/* Whether this call, on the file of this path, is to fail. */
static int fails(const char *call, const char *path) {
    if (strncmp(path, folder, folder_length) != 0) return 0;
    const char *name = path + folder_length;
    if (strncmp(name, control->files, strlen(control->files)) != 0) return 0;
    uint64_t reached = atomic_fetch_add(&control->reached, 1) + 1, place = atomic_load(&control->place);
    if (reached < place || (reached > place && !atomic_load(&control->lasting))) return 0;
    if (atomic_fetch_add(&control->failed, 1) == 0)
        snprintf(control->first, sizeof control->first, "%s %.80s", call, name);
    errno = (int)atomic_load(&control->error);
    return 1;
}

static int armed(void) { return control && atomic_load(&control->armed); }

static int fails_at(const char *call, int descriptor) {
    if (!armed()) return 0;
    char link[64], path[PATH_MAX];
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = kept;
    if (length < 0) return 0;
    path[length] = 0;
    return fails(call, path);
}

/* The next library's function of the same name. */
#define REAL(name) ({ \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name); \
    real; \
})

#define ON_DESCRIPTOR(type, name, parameters, arguments) \
    type name parameters { return fails_at(#name, file) ? -1 : REAL(name) arguments; }
#define ON_PATH(name, path, parameters, arguments) \
    int name parameters { return armed() && fails(#name, path) ? -1 : REAL(name) arguments; }

ON_DESCRIPTOR(ssize_t, write, (int file, const void *bytes, size_t size), (file, bytes, size))
ON_DESCRIPTOR(ssize_t, writev, (int file, const struct iovec *parts, int count), (file, parts, count))
ON_DESCRIPTOR(ssize_t, pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at))
ON_DESCRIPTOR(ssize_t, pwrite64, (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at))
ON_DESCRIPTOR(int, fsync, (int file), (file))
ON_DESCRIPTOR(int, fdatasync, (int file), (file))
ON_DESCRIPTOR(int, ftruncate, (int file, off_t size), (file, size))
ON_DESCRIPTOR(int, ftruncate64, (int file, off64_t size), (file, size))
ON_DESCRIPTOR(int, fallocate, (int file, int mode, off_t from, off_t size), (file, mode, from, size))
ON_PATH(unlink, path, (const char *path), (path))
ON_PATH(rename, to, (const char *from, const char *to), (from, to))
