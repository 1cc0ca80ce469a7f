using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Control;
using ShimStack.Shim.Upgrade;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Control;

/// <summary>The Control service, one class a method: for operators, by the rights of the shim's socket. Nothing of it runs unless it is asked.</summary>
internal sealed class ControlService(ShimInside shim)
{
    public void AddTo(TtrpcServer server)
    {
        Add(server, ControlServices.Status, Empty.Parser, _ => Status());
        Add(server, ControlServices.Dump, Empty.Parser, _ => new DumpResponse { Lines = { new StateDump(shim).Lines() } });
        Add(server, ControlServices.Settings, SettingsRequest.Parser, Set);
        Add(server, ControlServices.ReopenLogs, ReopenLogsRequest.Parser, new LogReopening(shim.Tasks).Reopen);
        server.AddMethod(ControlServices.V1, ControlServices.Upgrade, UpgradeRequest.Parser, UpgradeAsync);
    }

    private Empty Status()
    {
        EncodedReport report = new();
        new StatusReport(shim).WriteTo(report);
        return report.ToMessage();
    }

    private Empty Set(SettingsRequest request)
    {
        Empty answer = new SettingsChange(shim.Settings).Apply(request);
        if (request.Set.Count > 0)
        {
            shim.Parking?.ShimChanged();
        }

        return answer;
    }

    private async ValueTask<Empty> UpgradeAsync(UpgradeRequest request, ServerCallContext call)
    {
        UpgradeOutcome outcome = await shim.Upgrade.RunAsync(request, call);
        EncodedReport report = new();
        report.Begin(1, "upgrade");
        outcome.WriteTo(report);
        report.End();
        report.Number(2, "pid", Environment.ProcessId);
        return report.ToMessage();
    }

    private static void Add<TRequest, TResponse>(
        TtrpcServer server, string method, MessageParser<TRequest> parser, Func<TRequest, TResponse> answer)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        server.AddMethod(ControlServices.V1, method, parser, (request, _) => ValueTask.FromResult(answer(request)));
}
