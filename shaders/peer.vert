// What an ordinary program of the engine would use: one matrix for each node. Only for benchmarks.

in vec3 p3d_Vertex;
in vec3 p3d_Normal;

uniform mat4 p3d_ModelViewProjectionMatrix;

out vec3 v_normal;

void main() {
    v_normal = normalize(p3d_Normal);
    gl_Position = p3d_ModelViewProjectionMatrix * vec4(p3d_Vertex, 1.0);
}
