using Google.Protobuf.Collections;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc;

/// <summary>What travels beside the payload: keys in lower case, in the order given, and repeated where they are.</summary>
internal static class Metadata
{
    public static IReadOnlyList<KeyValuePair<string, string>> Read(RepeatedField<KeyValue> pairs)
    {
        if (pairs.Count == 0)
        {
            return [];
        }
        KeyValuePair<string, string>[] read = new KeyValuePair<string, string>[pairs.Count];
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = KeyValuePair.Create(pairs[i].Key.ToLowerInvariant(), pairs[i].Value);
        }
        return read;
    }

    public static void Write(IReadOnlyList<KeyValuePair<string, string>>? metadata, RepeatedField<KeyValue> pairs)
    {
        foreach ((string key, string value) in metadata ?? [])
        {
            pairs.Add(new KeyValue { Key = key.ToLowerInvariant(), Value = value });
        }
    }
}
