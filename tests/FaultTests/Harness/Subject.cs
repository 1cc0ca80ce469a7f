using ShimStack.ShimDriver.Bundles;

namespace ShimStack.FaultTests.Harness;

/// <summary>
/// The containers: busybox's shell, and tests/Probe as the last thing that it runs, which writes down when the process ended. The init ends
/// with <see cref="Code"/> when the stage releases it, and with <see cref="TermCode"/> by SIGTERM.
/// </summary>
internal static class Subject
{
    public const uint Code = 7;
    public const uint TermCode = 9;
    public const uint ExecCode = 5;

    /// <summary>Waits until it is released.</summary>
    /// <param name="before">What it does when it begins.</param>
    /// <param name="after">What it does when it is released.</param>
    public static BundleSpec Patient(string before = ":", string after = ":") => BundleSpec.Shell(
        $"trap 'exec {End("", TermCode)}' TERM; {before}; until [ -e /shared/go ]; do sleep 0.01; done; {after}; exec {End("", Code)}");

    /// <summary>Ends at once.</summary>
    public static BundleSpec Hasty(string does = ":") => BundleSpec.Shell($"{does}; exec {End("", Code)}");

    /// <summary>An exec that ends at once.</summary>
    public static IReadOnlyList<string> HastyExec(string exec) => ["sh", "-c", $"exec {End(exec, ExecCode)}"];

    /// <summary>Where a process has noted its end; empty for the init.</summary>
    public static string NoteOf(string exec) => exec.Length == 0 ? "ended" : $"ended-{exec}";

    private static string End(string exec, uint code) => $"/shared/probe end /shared/{NoteOf(exec)} {code}";
}
