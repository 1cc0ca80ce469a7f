namespace ShimStack.Bench;

/// <summary>The lines of containerd that are measured, as `./build.sh deps` names their folders.</summary>
internal static class DaemonLine
{
    internal const string Old = "1.6";
    internal const string New = "2.x";
}
