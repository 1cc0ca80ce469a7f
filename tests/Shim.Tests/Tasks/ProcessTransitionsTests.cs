using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Tasks;

/// <summary>The table of contract chapter 3.2, whole: a line a state, a word or a text an operation.</summary>
public class ProcessTransitionsTests
{
    private static readonly Dictionary<(ProcessState, ProcessOperation), string> Table = new()
    {
        [(ProcessState.Created, ProcessOperation.Start)] = "Running",
        [(ProcessState.Created, ProcessOperation.Exit)] = "Stopped",
        [(ProcessState.Created, ProcessOperation.Delete)] = "Deleted",
        [(ProcessState.Created, ProcessOperation.Pause)] = "cannot pause task in created state",
        [(ProcessState.Created, ProcessOperation.Resume)] = "cannot resume task in created state",
        [(ProcessState.Created, ProcessOperation.Update)] = "Created",
        [(ProcessState.Created, ProcessOperation.Checkpoint)] = "cannot checkpoint a task in created state",
        [(ProcessState.Created, ProcessOperation.Exec)] = "Created",
        [(ProcessState.Running, ProcessOperation.Start)] = "cannot start a running process",
        [(ProcessState.Running, ProcessOperation.Exit)] = "Stopped",
        [(ProcessState.Running, ProcessOperation.Delete)] = "cannot delete a running process",
        [(ProcessState.Running, ProcessOperation.Pause)] = "Paused",
        [(ProcessState.Running, ProcessOperation.Resume)] = "cannot resume a running process",
        [(ProcessState.Running, ProcessOperation.Update)] = "Running",
        [(ProcessState.Running, ProcessOperation.Checkpoint)] = "Running",
        [(ProcessState.Running, ProcessOperation.Exec)] = "Running",
        [(ProcessState.Paused, ProcessOperation.Start)] = "cannot start a paused process",
        [(ProcessState.Paused, ProcessOperation.Exit)] = "Stopped",
        [(ProcessState.Paused, ProcessOperation.Delete)] = "cannot delete a paused process",
        [(ProcessState.Paused, ProcessOperation.Pause)] = "cannot pause a paused container",
        [(ProcessState.Paused, ProcessOperation.Resume)] = "Running",
        [(ProcessState.Paused, ProcessOperation.Update)] = "Paused",
        [(ProcessState.Paused, ProcessOperation.Checkpoint)] = "Paused",
        [(ProcessState.Paused, ProcessOperation.Exec)] = "cannot exec in a paused state",
        [(ProcessState.Stopped, ProcessOperation.Start)] = "cannot start a stopped process",
        [(ProcessState.Stopped, ProcessOperation.Exit)] = "Stopped",
        [(ProcessState.Stopped, ProcessOperation.Delete)] = "Deleted",
        [(ProcessState.Stopped, ProcessOperation.Pause)] = "cannot pause a stopped container",
        [(ProcessState.Stopped, ProcessOperation.Resume)] = "cannot resume a stopped container",
        [(ProcessState.Stopped, ProcessOperation.Update)] = "cannot update a stopped container",
        [(ProcessState.Stopped, ProcessOperation.Checkpoint)] = "cannot checkpoint a stopped container",
        [(ProcessState.Stopped, ProcessOperation.Exec)] = "cannot exec in a stopped state",
        [(ProcessState.Deleted, ProcessOperation.Start)] = "cannot start a deleted process",
        [(ProcessState.Deleted, ProcessOperation.Exit)] = "Deleted",
        [(ProcessState.Deleted, ProcessOperation.Delete)] = "NotFound process is deleted already",
        [(ProcessState.Deleted, ProcessOperation.Pause)] = "cannot pause a deleted process",
        [(ProcessState.Deleted, ProcessOperation.Resume)] = "cannot resume a deleted process",
        [(ProcessState.Deleted, ProcessOperation.Update)] = "cannot update a deleted process",
        [(ProcessState.Deleted, ProcessOperation.Checkpoint)] = "cannot checkpoint a deleted process",
        [(ProcessState.Deleted, ProcessOperation.Exec)] = "cannot exec in a deleted state",
    };

    [Fact]
    public void EachOperationInEachStateDoesWhatTheTableSays()
    {
        foreach (ProcessState state in Enum.GetValues<ProcessState>())
        {
            foreach (ProcessOperation operation in Enum.GetValues<ProcessOperation>())
            {
                Assert.True(Table.TryGetValue((state, operation), out string? expected), $"the table has no {state}, {operation}");
                Assert.Equal((state, operation, expected), (state, operation, OutcomeOf(state, operation)));
            }
        }
    }

    private static string OutcomeOf(ProcessState state, ProcessOperation operation)
    {
        try
        {
            return state.After(operation).ToString();
        }
        catch (RpcException e)
        {
            return e.Code == RpcCode.Unknown ? e.Message : $"{e.Code} {e.Message}";
        }
    }
}
