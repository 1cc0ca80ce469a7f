namespace ShimStack.Native.Processes;

/// <summary>What this process is, and what it asks of the kernel for itself.</summary>
public static class CurrentProcess
{
    private const nint SIG_IGN = 1;

    /// <summary>Our pid. See getpid(2).</summary>
    public static int Id => LinuxCalls.getpid();

    /// <summary>The pid of our parent now, 0 if it is outside our pid namespace. See getppid(2).</summary>
    public static int ParentId => LinuxCalls.getppid();

    /// <summary>Who the kernel takes us for. See geteuid(2).</summary>
    public static uint EffectiveUserId => LinuxCalls.geteuid();

    /// <summary>The group the kernel takes us for. See getegid(2).</summary>
    public static uint EffectiveGroupId => LinuxCalls.getegid();

    /// <summary>The file that we run; ends in " (deleted)" if it has been replaced. See proc_pid_exe(5).</summary>
    public static string ExecutablePath => Native.Files.Files.ReadLink("/proc/self/exe");

    /// <summary>Orphans among our descendants become our children. See prctl(2), PR_SET_CHILD_SUBREAPER.</summary>
    public static void BecomeSubreaper() => Syscall.Check(LinuxCalls.prctl(LinuxCalls.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));

    /// <summary>Sets which permission bits new files do not get, and returns what it was. See umask(2).</summary>
    public static int SetUmask(int mask) => LinuxCalls.umask(mask);

    /// <summary>
    /// A write to what nobody reads is EPIPE and no death. Spawned programs have the default again. See signal(2), signal(7).
    /// </summary>
    public static void IgnoreBrokenPipe() => Syscall.Check(LinuxCalls.signal((int)Signal.SIGPIPE, SIG_IGN), "SIGPIPE");

    /// <summary>
    /// Our process group shares cores with nobody else; EINVAL or ENODEV says that the kernel or the machine cannot. See PR_SCHED_CORE in
    /// prctl(2).
    /// </summary>
    public static void CreateCoreSchedulingGroup() => Syscall.Check(
        LinuxCalls.prctl(LinuxCalls.PR_SCHED_CORE, LinuxCalls.PR_SCHED_CORE_CREATE, 0, LinuxCalls.PR_SCHED_CORE_SCOPE_PROCESS_GROUP, 0));

    /// <summary>Names the calling thread; the name of the first one is that of the process. Cut after 15 bytes. See prctl(2), PR_SET_NAME.</summary>
    public static unsafe void SetThreadName(string name)
    {
        Span<byte> text = stackalloc byte[16];
        text.Clear();
        System.Text.Unicode.Utf8.FromUtf16(name, text[..^1], out _, out _);
        fixed (byte* start = text)
        {
            Syscall.Check(LinuxCalls.prctl_name(LinuxCalls.PR_SET_NAME, start, 0, 0, 0), name, "prctl");
        }
    }

    /// <summary>From now on the calling thread has a working directory and umask of its own. See unshare(2), CLONE_FS.</summary>
    public static void UnshareFileSystem() => Syscall.Check(LinuxCalls.unshare(LinuxCalls.CLONE_FS));

    /// <summary>Changes the working directory, of the calling thread alone after <see cref="UnshareFileSystem"/>. See chdir(2).</summary>
    public static void ChangeDirectory(string path) => Syscall.Check(LinuxCalls.chdir(path), path);
}
