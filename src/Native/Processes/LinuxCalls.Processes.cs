using System.Runtime.InteropServices;
using ShimStack.Native.Processes;

namespace ShimStack.Native;

internal static unsafe partial class LinuxCalls
{
    internal const int P_ALL = 0;
    internal const int P_PID = 1;
    internal const int WNOHANG = 1;
    internal const int WEXITED = 4;
    internal const int WNOWAIT = 0x1000000;
    internal const int PR_SET_CHILD_SUBREAPER = 36;
    internal const int PR_SCHED_CORE = 62;
    internal const int PR_SCHED_CORE_CREATE = 1;
    internal const int PR_SCHED_CORE_SCOPE_PROCESS_GROUP = 2;
    internal const int CLONE_FS = 0x200;
    internal const int PR_SET_NAME = 15;
    internal const uint CLOSE_RANGE_CLOEXEC = 4;
    internal const nint SYS_execveat = 322;
    internal const nint SYS_close_range = 436;
    internal const nint SYS_pidfd_send_signal = 424;
    internal const nint SYS_pidfd_open = 434;
    internal const int X_OK = 1;

    /// <summary>In spawn.c; errors come back in <paramref name="step"/> and <paramref name="error"/>.</summary>
    [LibraryImport("libshimstack")]
    internal static partial int shimstack_spawn(SpawnBlock.Header* request, SpawnStep* step, Errno* error);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int waitid(int idType, int id, ChildInfo* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int chdir(string path);

    [LibraryImport("libc")]
    internal static partial int umask(int mask);

    [LibraryImport("libc")]
    internal static partial int getpid();

    [LibraryImport("libc")]
    internal static partial int getppid();

    [LibraryImport("libc")]
    internal static partial uint geteuid();

    [LibraryImport("libc")]
    internal static partial uint getegid();

    /// <summary>A null handler is SIG_DFL, 1 is SIG_IGN.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int access(string path, int mode);

    /// <summary>For calls which an older C library has no function for.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint syscall_pidfd_open(nint number, nint pid, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint syscall_pidfd_send_signal(nint number, FileDescriptor pidfd, nint signal, nint info, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint syscall_execveat(nint number, FileDescriptor program, byte* path, byte** arguments, byte** environment, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint syscall_close_range(nint number, nuint first, nuint last, nuint flags);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    internal static partial int prctl_name(int option, byte* name, nuint third, nuint fourth, nuint fifth);
}
