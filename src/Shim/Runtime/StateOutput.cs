using System.Text;
using System.Text.Json;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Runtime;

/// <summary>What a runtime says of a container: the state document of the OCI runtime specification.</summary>
internal static class StateOutput
{
    /// <summary>Its user's program was not started yet.</summary>
    /// <exception cref="RpcException">Unknown: it is no such document.</exception>
    public static bool IsCreated(string output)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(output));
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("status"u8))
                {
                    reader.Read();
                    return reader.ValueTextEquals("created"u8) || reader.ValueTextEquals("creating"u8);
                }
            }
        }
        catch (JsonException)
        {
            // said below
        }

        throw RpcException.Unknown($"the runtime's state names no status: {output}");
    }
}
