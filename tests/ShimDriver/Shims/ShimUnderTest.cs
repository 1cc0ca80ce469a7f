using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Shims;

/// <summary>A shim binary.</summary>
/// <param name="Name">How reports call it.</param>
/// <param name="BinaryPath">Absolute path of the executable.</param>
public sealed record ShimUnderTest(string Name, string BinaryPath)
{
    private const string ReferenceFileName = "containerd-shim-runc-v2";
    private const string OurFileName = "containerd-shim-shimstack-v2";

    private static string Cache => Environment.GetEnvironmentVariable("SHIMSTACK_CACHE") ?? "/var/cache/shimstack";

    /// <summary>Debian 12's reference shim, from where `./build.sh deps` has put it or else as the machine has it; null if neither is there.</summary>
    public static ShimUnderTest? Reference
    {
        get
        {
            string[] places = [Path.Combine(Cache, "containerd-1.6/usr/bin"), "/usr/bin"];
            string? path = places.Select(static place => Path.Combine(place, ReferenceFileName)).FirstOrDefault(File.Exists);
            return path is null ? null : new ShimUnderTest("reference", path);
        }
    }

    /// <summary>The reference shim of a containerd that `./build.sh deps` has put into the cache; null if it is not there.</summary>
    /// <param name="line">1.6, 1.7 or 2.x.</param>
    public static ShimUnderTest? ReferenceOf(string line)
    {
        string path = Path.Combine(Cache, $"containerd-{line}/usr/bin", ReferenceFileName);
        return File.Exists(path) ? new ShimUnderTest($"reference {line}", path) : null;
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
}
