using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ShimStack.Supervisor.Shims;

/// <summary>Where a shim must listen whose start was cut before its address was on record. Contract chapters 1.7 and 1.8.</summary>
internal static class ShimSocket
{
    private const string Directory = "/run/containerd/s";
    private static readonly string[] GroupKeys = ["io.containerd.runc.v2.group", "io.kubernetes.cri.sandbox-id"];

    /// <summary>The address that a runc-like shim takes.</summary>
    /// <param name="bundle">Of its task.</param>
    /// <param name="daemon">Our address, as it was given to the shim.</param>
    public static ShimAddress Guess(Bundle bundle, string daemon)
    {
        string name = $"{daemon}/{bundle.Namespace}/{GroupOf(bundle)}";
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(name))));
        return new ShimAddress(2, $"unix://{Directory}/{hash}", "ttrpc");
    }

    private static string GroupOf(Bundle bundle)
    {
        try
        {
            using JsonDocument spec = JsonDocument.Parse(File.ReadAllBytes(bundle.Path + "/config.json"));
            if (spec.RootElement.TryGetProperty("annotations", out JsonElement annotations))
            {
                foreach (string key in GroupKeys)
                {
                    if (annotations.TryGetProperty(key, out JsonElement group) && group.GetString() is string name)
                    {
                        return name;
                    }
                }
            }
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException)
        {
            // The bundle was cut short too: then no shim was started in it.
        }

        return bundle.Id;
    }
}
