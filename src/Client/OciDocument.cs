using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Client;

/// <summary>A document of the OCI's runtime specification, which travels as JSON in a message.</summary>
public static class OciDocument
{
    /// <param name="typeUrl">What it is, see <see cref="Api.TypeUrls"/>.</param>
    /// <param name="document">The document.</param>
    public static Any Pack(string typeUrl, JsonObject document) => new() { TypeUrl = typeUrl, Value = ByteString.CopyFromUtf8(document.ToJsonString()) };
}
