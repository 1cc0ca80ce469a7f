using System.Text;
using Google.Protobuf.Collections;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Hosting;

/// <summary>containerd's rules for labels: key and value together have a limit, and a label without a value is none.</summary>
internal static class Labels
{
    private const int MaxSize = 4096;
    private const int MaxKeyInMessage = 64;

    /// <summary>Passes labels that may be stored.</summary>
    /// <param name="subject">Whose they are, for the message.</param>
    /// <param name="labels">The labels.</param>
    /// <exception cref="RpcException">InvalidArgument, with containerd's words.</exception>
    public static void Require(string subject, MapField<string, string> labels)
    {
        foreach ((string key, string value) in labels)
        {
            int size = Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
            if (size > MaxSize)
            {
                string start = key.Length > MaxKeyInMessage ? key[..MaxKeyInMessage] : key;
                throw RpcException.InvalidArgument(
                    $"{subject}: label key and value length ({size} bytes) greater than maximum size ({MaxSize} bytes), key: {start}: invalid argument");
            }
        }
    }

    /// <summary>Takes those without a value out.</summary>
    public static void DropEmpty(MapField<string, string> labels)
    {
        List<string>? empty = null;
        foreach ((string key, string value) in labels)
        {
            if (value.Length == 0)
            {
                (empty ??= []).Add(key);
            }
        }

        foreach (string key in empty ?? [])
        {
            labels.Remove(key);
        }
    }
}
