namespace ShimStack.ShimDriver.Host;

/// <summary>Programs by their name.</summary>
public static class ExecutablePath
{
    /// <summary>The first file of that name in PATH, absolute. Throws if there is none.</summary>
    public static string Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{name} is not in PATH");
}
