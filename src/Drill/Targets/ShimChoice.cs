namespace ShimStack.Drill.Targets;

/// <summary>Makes a daemon start a given shim: by a link in the first folder that it searches.</summary>
internal static class ShimChoice
{
    private const string Otherwise = "containerd-shim-drilled-v2";

    /// <returns>The name of the runtime that leads to <paramref name="shim"/>.</returns>
    public static string Install(string shim, string folder)
    {
        string file = Path.GetFileName(shim);
        string runtime = RuntimeOf(file) ?? RuntimeOf(file = Otherwise)!;
        File.CreateSymbolicLink(Path.Combine(folder, file), Path.GetFullPath(shim));
        return runtime;
    }

    /// <summary>
    /// "containerd-shim-NAME-VERSION" belongs to "io.containerd.NAME.VERSION"; null for another name. Contract chapter 1.1.
    /// </summary>
    internal static string? RuntimeOf(string file) => file.Split('-') is ["containerd", "shim", { Length: > 0 } name, ['v', _, ..] version]
        ? $"io.containerd.{name}.{version}"
        : null;
}
