using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Shims;

/// <summary>A shim binary.</summary>
/// <param name="Name">How reports call it.</param>
/// <param name="BinaryPath">Absolute path of the executable.</param>
public sealed record ShimUnderTest(string Name, string BinaryPath)
{
    private const string ReferenceFileName = "containerd-shim-runc-v2";
    private const string OurFileName = "containerd-shim-shimstack-v2";

    /// <summary>Debian 12's reference shim, from where `./build.sh deps` has put it or else as the machine has it; null if neither is there.</summary>
    public static ShimUnderTest? Reference => First([BinDirectory("1.6"), "/usr/bin"], "reference");

    /// <summary>The reference shim that came with a line of containerd; null if `./build.sh deps` has not put it there.</summary>
    public static ShimUnderTest? ReferenceOf(string line) => First([BinDirectory(line)], line);

    /// <summary>Where `./build.sh deps` puts the programs of a line of containerd; a link to / stands for the machine's own.</summary>
    public static string BinDirectory(string line)
    {
        string cache = Environment.GetEnvironmentVariable("SHIMSTACK_CACHE") ?? "/var/cache/shimstack";
        string root = Path.Combine(cache, $"containerd-{line}");
        return Path.Combine(Directory.ResolveLinkTarget(root, returnFinalTarget: true)?.FullName ?? root, "usr/bin");
    }

    /// <summary>Our shim as build.sh leaves it in out/bin of the repository that the driver was built in, or null.</summary>
    public static ShimUnderTest? Ours
    {
        get
        {
            for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
            {
                string path = Path.Combine(directory, "out/bin", OurFileName);
                if (File.Exists(path))
                {
                    return new ShimUnderTest("ours", path);
                }
            }

            return null;
        }
    }

    /// <summary>In bytes.</summary>
    public long BinarySize => new FileInfo(BinaryPath).Length;

    /// <summary>What -v prints, on one line.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellation = default)
    {
        CommandResult result = await new Command(BinaryPath, ["-v"]).RunAsync(cancellation);
        string text = System.Text.Encoding.UTF8.GetString(result.Output);
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static ShimUnderTest? First(string[] places, string name)
    {
        string? path = places.Select(static place => Path.Combine(place, ReferenceFileName)).FirstOrDefault(File.Exists);
        return path is null ? null : new ShimUnderTest(name, path);
    }
}
