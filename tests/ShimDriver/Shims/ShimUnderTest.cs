using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Shims;

/// <summary>A shim binary.</summary>
/// <param name="Name">How reports call it.</param>
/// <param name="BinaryPath">Absolute path of the executable.</param>
public sealed record ShimUnderTest(string Name, string BinaryPath)
{
    private const string ReferencePath = "/usr/bin/containerd-shim-runc-v2";
    private const string OurFileName = "containerd-shim-shimstack-v2";

    /// <summary>The reference shim of the distribution, or null if it is not installed.</summary>
    public static ShimUnderTest? Reference => File.Exists(ReferencePath) ? new ShimUnderTest("reference", ReferencePath) : null;

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
