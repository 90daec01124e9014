// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// The wire between one program and the simulated Consul: the real client sends through it. Answers come in the program's own process, and
/// nothing here awaits.
/// </summary>
internal sealed class ConsulHandler(SimulatedConsul consul, string host, SimulatedProcess process) : HttpMessageHandler
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        // What was sent may still be carried out when its caller has given up.
        var givingUp = cancellationToken.UnsafeRegister(
            static (answer, token) => ((TaskCompletionSource<HttpResponseMessage>)answer!).TrySetCanceled(token), answer);
        consul.Take(host, WorkOf(request), (reply, isLeaderKnown) => process.Run(() =>
        {
            givingUp.Dispose();
            if (reply is null) answer.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded, "the connection broke"));
            else if (!answer.Task.IsCompleted) answer.TrySetResult(reply.ToMessage(isLeaderKnown));
        }));
        return answer.Task;
    }

    private static ConsulWork WorkOf(HttpRequestMessage request)
    {
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, null, CancellationToken.None);
        var uri = request.RequestUri!;
        return ConsulRoutes.Find(request.Method.Method, Uri.UnescapeDataString(uri.AbsolutePath), uri.Query, body.ToArray());
    }
}
