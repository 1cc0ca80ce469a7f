using System.Text.Json;
using System.Text.Json.Nodes;

namespace ShimStack.Drill.ShimHost;

/// <summary>What a start action prints: a bare address, or since containerd 1.7 a document. Contract chapter 1.6.</summary>
/// <param name="Path">Of the socket.</param>
/// <param name="Version">Of the Task service.</param>
internal sealed record ShimAddress(string Path, int Version)
{
    private const string Scheme = "unix://";
    private const int Oldest = 2;

    /// <exception cref="DrillException">It is neither.</exception>
    public static ShimAddress Parse(string output)
    {
        (string address, int version) = (output.Trim(), Oldest);
        if (address.StartsWith('{'))
        {
            try
            {
                JsonNode document = JsonNode.Parse(address)!;
                (address, version) = (document["address"]?.GetValue<string>() ?? "", document["version"]?.GetValue<int>() ?? Oldest);
            }
            catch (JsonException e)
            {
                throw new DrillException($"the shim's start action printed no address, but {output}", e);
            }
        }

        return address.StartsWith(Scheme, StringComparison.Ordinal)
            ? new ShimAddress(address[Scheme.Length..], version)
            : throw new DrillException($"the shim's start action printed no address of a unix socket, but {output}");
    }
}
