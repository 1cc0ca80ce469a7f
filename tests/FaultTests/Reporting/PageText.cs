namespace ShimStack.FaultTests.Reporting;

/// <summary>What is said on the page around its tables.</summary>
internal static class PageText
{
    public const string Columns = "| what goes wrong | what should happen | the reference | ours |";

    /// <summary>What no shim can do, whatever it is made of.</summary>
    public const string Limits =
        """

        ## What no shim can do

        - A shim that is dead when the daemon loads its containers is cleaned up after without a word: the daemon runs the delete action, but
          tells its clients nothing of the exit that the action reports. Only a daemon that lives while the shim dies passes it on.
        - A process that ends after its shim, and before the delete action, has no parent that could ask how: it is reported as killed (137).
          What was recorded before the shim's death is reported as it was.
        - The kernel keeps the exit code of a child that has not been waited for, and not the time. While the shim is stopped nobody looks:
          the time that is recorded then is that of the first look, not later than which the process ended.
        - The records of exits survive every process, and not a reboot: the bundle is on a tmpfs.
        - A process that sleeps uninterruptibly in the kernel does not die, whoever sends what. The error of the call says where it sleeps.
        - What a reader has taken is the reader's: if it dies with it, a shim cannot give it twice.

        """;

    public static string Head(string machine, int faults, int reference) =>
        $"""
        # Reliability

        Written by `./build.sh reliability`, not by hand: each row is a test of `tests/FaultTests` with real processes, a daemon's side that fails
        and a runtime that fails, run with our shim and, in the same run, with the reference shim of Debian's containerd 2.x. What a column says
        is what the checks of the test have found; "as it should" means that none of them has found anything. `./build.sh test` runs them with
        our shim, and holds this page to the tests that there are.

        Each row checks, where it applies: the exit code; the time of the exit, within 50 ms of what the process itself noted as the last thing
        it did; that Wait, the event and Delete agree; the whole list of events and its order; output by its checksum; and that nothing is left:
        no process, mount, socket, cgroup, state of the runtime or temporary file. A call that is not answered in 5 s is given up. While
        something hangs, the median of five answers must come within 50 ms; an answer that does not come in 1 s is none.

        {machine}

        The reference does as it should in {reference} of {faults} cases.

        """;
}
