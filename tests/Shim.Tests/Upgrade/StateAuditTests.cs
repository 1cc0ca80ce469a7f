using Google.Protobuf;
using ShimStack.Shim.State;
using ShimStack.Shim.Tests.State;
using ShimStack.Shim.Upgrade;

namespace ShimStack.Shim.Tests.Upgrade;

/// <summary>What `-check-state` says of a state: yes, or what this build does not understand.</summary>
public class StateAuditTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { "newer", "state of version 2, this build reads 1 to 1" },
        { "no version", "state of version 0, this build reads 1 to 1" },
        { "namespace", "the state is of namespace other, and the command line of test" },
        { "listener", "the listener has no descriptor" },
        { "id", "container  has no id or no init" },
        { "options", "the options of container c1: " },
        { "process state", "process c1 has the unknown state 17" },
        { "kind", "stdout of process c1 is of an unknown kind: 9 to " },
        { "source", "the source of stdout of process c1 has no descriptor" },
        { "log", "stdout of process c1 goes to the log /l, which is of an unknown format or in no record" },
    };

    [Fact]
    public void AStateOfOursIsUnderstood() => ShimInTest.Run(async shim => StateAudit.Require(await StateAsync(shim), "test"));

    [Theory, MemberData(nameof(Faults))]
    public void WhatIsNotUnderstoodIsNamed(string fault, string reason) => ShimInTest.Run(async shim =>
    {
        ShimRecord record = await StateAsync(shim);
        Spoil(record, fault);
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => StateAudit.Require(record, "test"));
        Assert.StartsWith(reason, refusal.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void FieldsOfALaterBuildAreNoFault() => ShimInTest.Run(async shim =>
    {
        using MemoryStream later = new();
        (await StateAsync(shim)).WriteTo(later);
        using (CodedOutputStream output = new(later, leaveOpen: true))
        {
            output.WriteTag(1999, WireFormat.WireType.LengthDelimited);
            output.WriteString("of a later build");
        }

        StateAudit.Require(ShimRecord.Parser.ParseFrom(later.ToArray()), "test");
    });

    private static async Task<ShimRecord> StateAsync(ShimInTest shim)
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.AddExecAsync("e1");
        return (await shim.PutDownAsync(new Inheritance())).Clone();
    }

    private static void Spoil(ShimRecord record, string fault)
    {
        TaskRecord task = record.Tasks[0];
        StreamRecord output = task.Init.Stdio.Outputs[0];
        Action spoil = fault switch
        {
            "newer" => () => record.Version++,
            "no version" => () => record.Version = 0,
            "namespace" => () => record.Namespace = "other",
            "listener" => () => record.Listener = 0,
            "id" => () => task.Id = "",
            "options" => () => task.Options = ByteString.CopyFrom(0xff, 0xff),
            "process state" => () => task.Init.State = 17,
            "kind" => () => output.SourceKind = 9,
            "source" => () => record.Descriptors.Remove(output.Source),
            _ => () => output.Log = new LogStreamRecord { Path = "/l" },
        };
        spoil();
    }
}
