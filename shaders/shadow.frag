// The shadow map keeps depth alone.

void main() {}
