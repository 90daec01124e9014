// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClusterManager.Manager.Telemetry;

/// <summary>Counts and times the calls of the API: the outermost interceptor, so that refused ones count too.</summary>
internal sealed class GrpcMetricsInterceptor(TimeProvider time) : Interceptor
{
    private const string Package = "/clustermanager.v1.";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, isStream: false, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest,
            TResponse> continuation) =>
        CountAsync(context, isStream: true, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, isStream: true, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, isStream: true, async () =>
        {
            await continuation(requestStream, responseStream, context);
            return true;
        });

    private async Task<T> CountAsync<T>(ServerCallContext context, bool isStream, Func<Task<T>> call)
    {
        var started = time.GetTimestamp();
        var code = StatusCode.OK;
        try
        {
            var answer = await call();
            code = context.Status.StatusCode;
            return answer;
        }
        catch (RpcException error)
        {
            code = error.StatusCode;
            throw;
        }
        catch (OperationCanceledException)
        {
            code = StatusCode.Cancelled;
            throw;
        }
        catch
        {
            code = StatusCode.Unknown;
            throw;
        }
        finally
        {
            var method = context.Method.StartsWith(Package, StringComparison.Ordinal) ? context.Method[Package.Length..] : context.Method;
            ManagerMeter.Called(method, $"{code}", isStream ? null : time.GetElapsedTime(started));
        }
    }
}
