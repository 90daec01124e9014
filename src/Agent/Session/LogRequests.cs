// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>The log requests of one session: each runs until its lines are sent, its caller cancels, or the session ends.</summary>
/// <param name="context">Where allocations and their containers are.</param>
/// <param name="connection">Carries the answers.</param>
internal sealed class LogRequests(RunnerContext context, ISessionConnection connection)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, CancellationTokenSource> _running = [];

    /// <summary>Answers one request to its end. What goes wrong with it is told to its reader and ends nothing else.</summary>
    public async Task RunAsync(LogRequest request, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_lock) _running[request.Request] = stop;
        try
        {
            using var upload = connection.OpenLogUpload(stop.Token);
            await new LogUploader(context, request, upload).RunAsync(stop.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && stop.IsCancellationRequested)
        {
            // Its caller has gone.
        }
        catch (SessionEndedException)
        {
            // Nobody reads this stream any more; whether the session lives is for its own stream to say.
        }
        finally
        {
            lock (_lock) _running.Remove(request.Request);
        }
    }

    /// <summary>Ends a request; one that is unknown has ended already.</summary>
    public void Cancel(long request)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(request, out var stop)) stop.Cancel();
        }
    }
}
