namespace ShimStack.Supervisor.Tests;

/// <summary>Where the files lie that tests hold to the code.</summary>
internal static class Repository
{
    public static string Directory { get; } = Find();

    private static string Find()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Join(directory, "ShimStack.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new DirectoryNotFoundException("ShimStack.sln is nowhere above the tests");
    }
}
