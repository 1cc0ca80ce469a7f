using ShimStack.Api.Control;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Control;

/// <summary>The Control service, one class a method: for operators, by the rights of the shim's socket.</summary>
internal sealed class ControlService(TaskTable tasks)
{
    private readonly LogReopening _logs = new(tasks);

    public void AddTo(TtrpcServer server) => server.AddMethod(
        ControlServices.V1, ControlServices.ReopenLogs, ReopenLogsRequest.Parser, (request, _) => ValueTask.FromResult(_logs.Reopen(request)));
}
