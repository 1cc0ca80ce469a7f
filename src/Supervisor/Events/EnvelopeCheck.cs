using ShimStack.Api;
using ShimStack.Api.Types;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Events;

/// <summary>What containerd asks of an event before it takes it, in its words. Contract chapter 6.</summary>
internal static class EnvelopeCheck
{
    private const long GoZeroSeconds = -62135596800; // the year 1, which is how Go writes no time at all

    /// <exception cref="RpcException">InvalidArgument.</exception>
    public static void Require(Envelope envelope)
    {
        if (IdentifierRule.Fault(envelope.Namespace) is string fault)
        {
            throw Invalid($"event envelope has invalid namespace: {fault}");
        }

        if (TopicFault(envelope.Topic) is string wrong)
        {
            throw Invalid($"envelope topic \"{envelope.Topic}\": {wrong}");
        }

        if (envelope.Timestamp is null or { Seconds: GoZeroSeconds, Nanos: 0 })
        {
            throw Invalid("timestamp must be set on forwarded event");
        }
    }

    private static string? TopicFault(string topic)
    {
        if (topic.Length == 0)
        {
            return "must not be empty";
        }

        if (topic[0] != '/')
        {
            return "must start with '/'";
        }

        if (topic.Length == 1)
        {
            return "must have at least one component";
        }

        ReadOnlySpan<char> components = topic.AsSpan(1);
        foreach (Range range in components.Split('/'))
        {
            ReadOnlySpan<char> component = components[range];
            if (IdentifierRule.Fault(component) is string fault)
            {
                return $"failed validation on component \"{component}\": {fault}";
            }
        }

        return null;
    }

    private static RpcException Invalid(string reason) => RpcException.InvalidArgument($"{reason}: invalid argument");
}
