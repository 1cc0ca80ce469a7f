namespace ShimStack.ShimDriver.Host;

/// <summary>
/// Makes the driver the parent of orphans while it lives, as a shim is: a runtime that is run without a shim leaves its init behind, and an init
/// that nobody reaps looks alive to it. See PR_SET_CHILD_SUBREAPER in prctl(2).
/// </summary>
public sealed class Subreaper : IDisposable
{
    public Subreaper() => Set(1);

    /// <summary>Waits for the end of an orphan, blocking. Returns its wait status. See waitpid(2).</summary>
    public static int Reap(int pid)
    {
        LibC.Check(LibC.WaitPid(pid, out int status, 0), $"waitpid {pid}");
        return status;
    }

    public void Dispose() => Set(0);

    private static void Set(nuint value) => LibC.Check(LibC.Prctl(LibC.PR_SET_CHILD_SUBREAPER, value, 0, 0, 0), "prctl PR_SET_CHILD_SUBREAPER");
}
