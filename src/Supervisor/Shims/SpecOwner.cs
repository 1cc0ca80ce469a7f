using System.Text.Json;
using ShimStack.Native.Files;

namespace ShimStack.Supervisor.Shims;

/// <summary>Lets the root of a container's user namespace into its bundle: by group, as containerd does. Contract chapter 1.10.</summary>
internal static class SpecOwner
{
    private const uint Unchanged = uint.MaxValue;
    private const int GroupMayPass = 0x1c8; // 0710

    /// <summary>Changes <paramref name="bundle"/> if the spec maps group 0; a spec that is no JSON is left for the runtime to refuse.</summary>
    public static void LetIn(string bundle, ReadOnlySpan<byte> spec)
    {
        if (MappedRoot(spec) is uint gid)
        {
            Files.SetOwner(bundle, Unchanged, gid);
            Files.SetMode(bundle, GroupMayPass);
        }
    }

    private static uint? MappedRoot(ReadOnlySpan<byte> spec)
    {
        try
        {
            Utf8JsonReader reader = new(spec);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.TryGetProperty("linux", out JsonElement linux) && linux.TryGetProperty("gidMappings", out JsonElement mappings))
            {
                foreach (JsonElement mapping in mappings.EnumerateArray())
                {
                    if (mapping.GetProperty("containerID").GetUInt32() == 0)
                    {
                        return mapping.GetProperty("hostID").GetUInt32();
                    }
                }
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
