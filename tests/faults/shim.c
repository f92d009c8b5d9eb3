/* A library to preload (LD_PRELOAD) that stands between a process and the C library wherever a file is changed: it counts those calls,
 * lets the n-th one fail, kills the process at it, or keeps a journal of what they did. Linux only; see harness.py for who sets what.
 *
 * FAULT_PATH   folder; only what lies under it counts (standard output always may)
 * FAULT_OPS    kinds of calls that count: c create, m mkdir, t truncate, w write, s sync, r rename, u unlink, d rmdir, l link, o output
 * FAULT_COUNT  file that gets one letter for each call that counts
 * FAULT_LOG    file that gets a record of every change, with its data, in order (read by power_cut.py)
 * FAULT_AT     number of the call at which it happens, from 1
 * FAULT_ERRNO  the error it fails with; without it the process is killed instead
 * FAULT_STICKY every later call fails, too
 * FAULT_LAZY   nothing is flushed, though it is said to be
 * FAULT_TORN   a write does half its work before the process is killed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t owner;
static int count_fd = -1, log_fd = -1, fault_errno, sticky, torn, lazy;
static long fault_at, seen;
static uint64_t output; /* the file that standard output was at first: what is put in its place later may be written to */
static const char *ops = "cmtwsrudl", *folder = "/";

static long (*raw(void))(long, ...) { /* the C library's own: the one below is ours */
    static long (*real)(long, ...);
    if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return real;
}

static int kept_open(const char *name) {
    const char *path = getenv(name);
    if (!path) return -1;
    int fd = raw()(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 700);
    raw()(SYS_close, fd);
    return high;
}

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static uint64_t inode_of(int fd) {
    struct stat about;
    return fstat(fd, &about) ? 0 : about.st_ino;
}

__attribute__((constructor)) static void begin(void) {
    if (owner || getenv("FAULT_OWNED")) return; /* a process that the command started */
    setenv("FAULT_OWNED", "1", 1);
    if (getenv("FAULT_OPS")) ops = getenv("FAULT_OPS");
    if (getenv("FAULT_PATH")) folder = getenv("FAULT_PATH");
    fault_at = number("FAULT_AT"), fault_errno = number("FAULT_ERRNO"), sticky = number("FAULT_STICKY"), torn = number("FAULT_TORN");
    lazy = number("FAULT_LAZY");
    count_fd = kept_open("FAULT_COUNT"), log_fd = kept_open("FAULT_LOG");
    output = inode_of(1);
    owner = getpid();
}

static int under(const char *path) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (folder[length - 1] == '/' || path[length] == '/' || !path[length]);
}

static int path_of_fd(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
    return length > 0;
}

static void path_of_name(int dir, const char *name, char *path) {
    size_t length = 0;
    if (name[0] != '/') {
        if (dir != AT_FDCWD) path_of_fd(dir, path);
        else if (!getcwd(path, PATH_MAX)) path[0] = 0;
        length = strlen(path);
        if (length < PATH_MAX - 1) path[length++] = '/';
    }
    snprintf(path + length, PATH_MAX - length, "%s", name);
}

/* Whether a call counts and is to fail; does not come back where the process is killed. Half of a write is done before, where wanted. */
static int fails(char op, const char *path, int fd, const void *data, size_t size, off_t offset) {
    if (!owner || getpid() != owner || !strchr(ops, op) || (op != 'o' && !under(path))) return 0;
    long mine = __sync_add_and_fetch(&seen, 1);
    if (count_fd >= 0) raw()(SYS_write, count_fd, &op, 1);
    if (!fault_at || mine < fault_at || (mine > fault_at && !sticky)) return 0;
    if (!fault_errno) {
        if (torn && data && size > 1 && offset < 0) raw()(SYS_write, fd, data, size / 2);
        if (torn && data && size > 1 && offset >= 0) raw()(SYS_pwrite64, fd, data, size / 2, offset);
        raw()(SYS_kill, getpid(), SIGKILL);
    }
    errno = fault_errno;
    return 1;
}

static int logs(const char *path) {
    return log_fd >= 0 && owner && getpid() == owner && (!path || under(path));
}

static void journal(char op, uint64_t inode, int64_t offset, const char *one, const char *two, const void *data, size_t size) {
    struct __attribute__((packed)) { char op; uint64_t inode; int64_t offset; uint32_t one, two, data; } head =
        {op, inode, offset, one ? strlen(one) : 0, two ? strlen(two) : 0, size};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)one, head.one}, {(void *)two, head.two}, {(void *)data, size}};
    int saved = errno;
    raw()(SYS_writev, log_fd, parts, 4);
    errno = saved;
}

static uint64_t inode_at(const char *path) {
    struct stat about;
    return lstat(path, &about) ? 0 : about.st_ino;
}

/* Every effect is one statement between LOCKED and its end, so that the journal has the order in which things were done. */
#define LOCKED(work) do { pthread_mutex_lock(&lock); work; pthread_mutex_unlock(&lock); } while (0)

static int opened(int (*real)(int, const char *, int, ...), int dir, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    if (!(flags & (O_CREAT | O_TRUNC)) || !owner || getpid() != owner) return real(dir, name, flags, mode);
    path_of_name(dir, name, path);
    int fd = -1, there = inode_at(path) != 0, changes = !there || flags & O_TRUNC;
    if (changes && fails(there ? 't' : 'c', path, -1, 0, 0, 0)) return -1;
    LOCKED({
        fd = real(dir, name, flags, mode);
        if (fd >= 0 && changes && logs(path)) journal(there ? 't' : 'c', inode_of(fd), 0, path, 0, 0, 0);
    });
    return fd;
}

#define OPENS(name, realname, signature, dir) \
    int name signature { \
        static int (*real)(int, const char *, int, ...); \
        if (!real) real = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, realname); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
        return opened(real, dir, file, flags, mode); \
    }
OPENS(open, "openat", (const char *file, int flags, ...), AT_FDCWD)
OPENS(open64, "openat64", (const char *file, int flags, ...), AT_FDCWD)
OPENS(openat, "openat", (int folder_fd, const char *file, int flags, ...), folder_fd)
OPENS(openat64, "openat64", (int folder_fd, const char *file, int flags, ...), folder_fd)

static ssize_t wrote(int fd, const void *data, size_t size, off_t offset) {
    char path[PATH_MAX] = "";
    ssize_t done = -1;
    char op = fd == 1 && inode_of(1) == output ? 'o' : 'w';
    int mine = owner && getpid() == owner && size > 0;
    if (mine && op == 'w') path_of_fd(fd, path);
    if (mine && fails(op, path, fd, data, size, offset)) return -1;
    if (!mine || !logs(op == 'o' ? 0 : path))
        return offset < 0 ? raw()(SYS_write, fd, data, size) : raw()(SYS_pwrite64, fd, data, size, offset);
    LOCKED({
        int appends = fcntl(fd, F_GETFL) & O_APPEND;
        off_t start = offset >= 0 ? offset : op == 'o' ? 0 : lseek(fd, 0, appends ? SEEK_END : SEEK_CUR);
        done = offset < 0 ? raw()(SYS_write, fd, data, size) : raw()(SYS_pwrite64, fd, data, size, offset);
        if (done > 0) journal(op, op == 'o' ? 0 : inode_of(fd), start, path, 0, data, done);
    });
    return done;
}

ssize_t write(int fd, const void *data, size_t size) { return wrote(fd, data, size, -1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return wrote(fd, data, size, offset); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return wrote(fd, data, size, offset); }

/* One part at a time is within what these may do: a short count. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    for (int i = 0; i < count; i++)
        if (parts[i].iov_len) return wrote(fd, parts[i].iov_base, parts[i].iov_len, -1);
    return 0;
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    for (int i = 0; i < count; i++)
        if (parts[i].iov_len) return wrote(fd, parts[i].iov_base, parts[i].iov_len, offset);
    return 0;
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return pwritev(fd, parts, count, offset); }

/* Copies inside the kernel are refused, as many file systems do; what is copied by hand is seen. */
ssize_t sendfile(int to, int from, off_t *offset, size_t count) { errno = EINVAL; return -1; }
ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) { errno = EINVAL; return -1; }
ssize_t copy_file_range(int from, off64_t *start, int to, off64_t *offset, size_t count, unsigned flags) { errno = EXDEV; return -1; }

#define SYNCS(name) \
    int name(int fd) { \
        REAL(int, name, int); \
        char path[PATH_MAX]; \
        int done = -1; \
        path_of_fd(fd, path); \
        if (fails('s', path, -1, 0, 0, 0)) return -1; \
        if (lazy && logs(path)) return 0; \
        LOCKED({ done = real(fd); if (!done && logs(path)) journal('s', inode_of(fd), 0, path, 0, 0, 0); }); \
        return done; \
    }
SYNCS(fsync)
SYNCS(fdatasync)

static int cut(int fd, off_t size) {
    char path[PATH_MAX];
    int done = -1;
    path_of_fd(fd, path);
    if (fails('t', path, -1, 0, 0, 0)) return -1;
    LOCKED({ done = raw()(SYS_ftruncate, fd, size); if (!done && logs(path)) journal('t', inode_of(fd), size, path, 0, 0, 0); });
    return done;
}
int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, size); }

static int cut_at(const char *name, off_t size) {
    char path[PATH_MAX];
    int done = -1;
    path_of_name(AT_FDCWD, name, path);
    if (fails('t', path, -1, 0, 0, 0)) return -1;
    LOCKED({ done = raw()(SYS_truncate, name, size); if (!done && logs(path)) journal('t', inode_at(path), size, path, 0, 0, 0); });
    return done;
}
int truncate(const char *name, off_t size) { return cut_at(name, size); }
int truncate64(const char *name, off64_t size) { return cut_at(name, size); }

static int renamed(int dir, const char *old, int other, const char *new, unsigned flags) {
    char from[PATH_MAX], to[PATH_MAX];
    int done = -1;
    path_of_name(dir, old, from), path_of_name(other, new, to);
    if (fails('r', to, -1, 0, 0, 0)) return -1;
    LOCKED({ done = raw()(SYS_renameat2, dir, old, other, new, flags); if (!done && logs(to)) journal('r', 0, flags, from, to, 0, 0); });
    return done;
}
int rename(const char *old, const char *new) { return renamed(AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int dir, const char *old, int other, const char *new) { return renamed(dir, old, other, new, 0); }
int renameat2(int dir, const char *old, int other, const char *new, unsigned flags) { return renamed(dir, old, other, new, flags); }

static int removed(int dir, const char *name, int flags) {
    char path[PATH_MAX], op = flags & AT_REMOVEDIR ? 'd' : 'u';
    int done = -1;
    path_of_name(dir, name, path);
    if (fails(op, path, -1, 0, 0, 0)) return -1;
    LOCKED({ done = raw()(SYS_unlinkat, dir, name, flags); if (!done && logs(path)) journal(op, 0, 0, path, 0, 0, 0); });
    return done;
}
int unlink(const char *name) { return removed(AT_FDCWD, name, 0); }
int unlinkat(int dir, const char *name, int flags) { return removed(dir, name, flags); }
int rmdir(const char *name) { return removed(AT_FDCWD, name, AT_REMOVEDIR); }

static int made(int dir, const char *name, mode_t mode) {
    char path[PATH_MAX];
    int done = -1;
    path_of_name(dir, name, path);
    if (fails('m', path, -1, 0, 0, 0)) return -1;
    LOCKED({ done = raw()(SYS_mkdirat, dir, name, mode); if (!done && logs(path)) journal('m', inode_at(path), 0, path, 0, 0, 0); });
    return done;
}
int mkdir(const char *name, mode_t mode) { return made(AT_FDCWD, name, mode); }
int mkdirat(int dir, const char *name, mode_t mode) { return made(dir, name, mode); }

static int linked(int dir, const char *old, int other, const char *new, int flags) {
    char from[PATH_MAX], to[PATH_MAX];
    int done = -1;
    path_of_name(dir, old, from), path_of_name(other, new, to);
    if (fails('l', to, -1, 0, 0, 0)) return -1;
    LOCKED({ done = raw()(SYS_linkat, dir, old, other, new, flags); if (!done && logs(to)) journal('l', 0, 0, from, to, 0, 0); });
    return done;
}
int link(const char *old, const char *new) { return linked(AT_FDCWD, old, AT_FDCWD, new, 0); }
int linkat(int dir, const char *old, int other, const char *new, int flags) { return linked(dir, old, other, new, flags); }

/* Python's ctypes may ask for renameat2 by its number. */
long syscall(long which, ...) {
    long given[6];
    va_list rest;
    va_start(rest, which);
    for (int i = 0; i < 6; i++) given[i] = va_arg(rest, long);
    va_end(rest);
    if (which == SYS_renameat2) return renamed(given[0], (const char *)given[1], given[2], (const char *)given[3], given[4]);
    return raw()(which, given[0], given[1], given[2], given[3], given[4], given[5]);
}
